// Package command is the program's command line and configuration.
package command

import (
	"context"
	"errors"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.uber.org/zap"

	"example.com/parcels/api"
	"example.com/parcels/store"
)

// Root is the whole command line. Without a command the program serves.
func Root() *cobra.Command {
	v := viper.New()
	v.SetDefault("port", "8080")
	v.SetDefault("database_url", "")
	v.SetDefault("redis_url", "")
	v.AutomaticEnv()
	root := &cobra.Command{
		Use:          "parcels",
		Short:        "Answer questions about parcels",
		SilenceUsage: true,
		RunE:         func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), v) },
	}
	root.PersistentFlags().String("port", "8080", "port to listen on")
	_ = v.BindPFlag("port", root.PersistentFlags().Lookup("port"))
	return root
}

func serve(ctx context.Context, v *viper.Viper) error {
	log, err := zap.NewProduction()
	if err != nil {
		return err
	}
	defer func() { _ = log.Sync() }()
	otel.SetTracerProvider(trace.NewTracerProvider())
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	parcels, err := store.Open(ctx, v.GetString("database_url"))
	if err != nil {
		return err
	}
	recent, err := store.Recent(ctx, v.GetString("redis_url"))
	if err != nil {
		return err
	}
	log.Info("starting", zap.Strings("recent", recent))
	server := &http.Server{Addr: ":" + v.GetString("port"), Handler: api.New(log, parcels), ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	log.Info("listening", zap.String("address", server.Addr))
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
